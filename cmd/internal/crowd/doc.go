// Package crowd makes galleries of many people to measure an index with, the same
// each time.
//
// There are not 100,000 people at hand, so most of them are made up, around the
// templates of the people of LFW. A made-up person has a cosine of 0.2 to 0.5 with
// a real one, whom he resembles so far; the rest of his direction is drawn from a
// normal distribution with the mean and the covariance of real templates. So
// neighbours are as near and as many as among real people, and directions are as
// unequally used as a network uses them, which is what an approximate index makes
// its errors on. Directions that are all alike would make it look worse than it
// is, copies of the real templates better.
package crowd
