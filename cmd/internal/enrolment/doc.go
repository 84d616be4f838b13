// Package enrolment enrols many people by their pictures, over the SmartFace API of a
// server, and can be ended at any point and begun again: what a person and a picture
// are called on the server follows from the names of files and from what they hold, so
// that a repeat is refused as a conflict, and a journal spares it where it can.
package enrolment
