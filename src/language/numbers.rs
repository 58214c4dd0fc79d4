//! Reads how a number is written, in digits or in words, and how precisely it was written.
