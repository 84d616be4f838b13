// Package face holds the words of the field as types: watchlists and the
// members they list, enrolled faces and their templates, probes and the
// candidates they are answered with, and the one error type that crosses a
// package border. It knows no model, no database and no wire format.
//
// The terms follow ISO/IEC 2382-37 and ISO/IEC 19795: a person is enrolled, a
// probe is identified (1:N) or verified (1:1), a score is higher for nearer.
package face
