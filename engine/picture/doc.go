// Package picture turns the bytes of a JPEG, PNG or WebP file into pixels and
// pixels into a JPEG. Every file is taken for hostile: its bytes, its pixels and
// the memory and time that decoding will cost are judged from the header, before
// anything is decoded.
//
// JPEG goes through libjpeg-turbo where that library can be loaded, which also
// decodes straight into an eighth, a quarter … of the size; elsewhere it goes
// through the standard library. The most common JPEGs are decoded by our own code in
// place of that library, to the very bytes that it would write.
package picture
