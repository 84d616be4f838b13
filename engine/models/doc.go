// Package models knows the model files the engine runs on: which they are,
// where they lie, where they come from, and whether a file is the right one.
//
// The manifest, embedded in the program, pins every file by its sha256. A Set
// is what the server starts with: the files of one pack, found in the look-up
// folders and refused when their bytes are not the pinned ones. Pull brings the
// files of a pack into a folder.
//
// A model belongs to one or more packs, in one role in each: the standard pack
// is the better one, the registry pack needs nothing but package registries.
package models
