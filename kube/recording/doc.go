// Package recording writes views of a cluster to a file and plays them back as
// a [kube.Source].
//
// # Design
//
// A recording is a zstd stream of JSON lines. The first line is a header that
// names the format and the cluster; then come frames. A frame is a list of
// objects set and deleted since the frame before, the states that changed, and
// a last line with its time and the number of its lines: what is not followed
// by such a line was cut off. The first frame holds everything, so a snapshot
// is a recording of one frame.
//
// Pod specs are written once each and referred to by number, as the view holds
// them. Secrets and ConfigMaps are metadata, as in the view: a recording never
// has their data, because it never saw it. Other values are redacted (package
// redaction), unless whoever writes wants to [Keep] them; the header says so, and a view
// that is read back has it in its Info.
//
// What was measured over some time ([kube.Measurement]) is an object like the others;
// recordings of before have none.
//
// A reader takes any recording of its major version and ignores fields that it
// does not know. From a file that ends early, the whole frames are read; of a
// file that ends in its first frame, what is there is read, and every resource
// is marked as failed, so that no score claims to have seen it all.
//
// A small file that stands for a great deal of text is given up as one that ends early.
//
// A [Source] plays frames from the first to the last; a [Player] shows any of them, as it
// is told while it is watched. To go back, an [Index] knows where each frame ends and keeps
// some views on the way; a [Cursor] goes on from the nearest of them.
//
// This package reads and writes streams; it opens no file and knows no server.
package recording
