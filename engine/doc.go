// Package engine turns a picture into faces and templates: decode, detect, align,
// extract, and what else is measured of a face. It holds N workers behind a
// bounded queue; each runs whole jobs, one picture after the other, so that the
// cost of a picture is the same whoever else is served.
//
// Models come from a ModelSet and are executed by a Runtime; the engine knows
// what goes into each family of models and what comes out.
package engine
