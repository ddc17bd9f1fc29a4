/** A property that fails has judged its mutant: it is not shrunk, nor drawn on. */

import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
