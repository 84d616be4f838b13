// Package onnx runs models with ONNX Runtime. It is the only package that
// imports the binding; the engine sees it through engine.Runtime.
package onnx
