/** Tests of OpenPGP signatures, against keys and signatures that GnuPG makes. */
@NullMarked
package dev.ringfence.formats.openpgp;

import org.jspecify.annotations.NullMarked;
