/**
 * Fix plans as documents, and as what configuration management runs. Entry types: {@link dev.ringfence.wire.fix.PlanJson}
 * writes and reads plans; {@link dev.ringfence.wire.fix.ShellExport} and {@link dev.ringfence.wire.fix.AnsibleExport} write
 * the same steps for other tools. Equal plans give equal bytes. A plan that anybody changed is refused.
 */
@NullMarked
package dev.ringfence.wire.fix;

import org.jspecify.annotations.NullMarked;
