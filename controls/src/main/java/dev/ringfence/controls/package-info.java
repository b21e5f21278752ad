/**
 * The controls that come with the product. Entry type: {@link dev.ringfence.controls.ShippedControls}. The YAML files
 * beside this module's pom are checked, tried on their samples and compiled when the module is built; a control that fails
 * its own samples fails the build.
 */
@NullMarked
package dev.ringfence.controls;

import org.jspecify.annotations.NullMarked;
