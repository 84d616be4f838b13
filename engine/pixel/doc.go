// Package pixel holds pictures as packed RGB bytes and what the engine does
// with them between the decoder and a model: turn, reduce, resize, warp, and
// write as a tensor. It knows no file format and no model.
//
// Places are those of face.Point: the origin is the outer corner of the top-left
// pixel, so the middle of the first pixel is (0.5, 0.5), and a picture of twice
// the size has every place at twice the coordinates.
package pixel
