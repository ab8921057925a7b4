// Package ui is the terminal program.
//
// # Design
//
// The root is a stack of screens below a header and above a footer. It looks
// keys up in one registry (keymap), opens addresses (nav, routes.go), draws the
// frame, and passes the newest assessment on; it knows nothing of what a screen
// shows. Assessments come from a feed, which follows the source and judges in
// goroutines of its own: Update never waits for either, and a command that
// waits for news ends with the program's context.
//
// What is looked at is a value ([Sighting]) that changes while the program runs: the root
// follows one source at a time, and all that was begun for it (its feed, its crew, its
// screens and marks) ends when it turns to another. A place is opened in the background,
// and what was looked at goes on until it has answered (opening.go): one that hangs blocks
// nobody. Before anything was read, the screens that need nothing of a cluster work.
//
// Several clusters may be followed at once (fleet.go), whichever is looked at. They are of
// the whole session: to turn to one of them is to be given its feed, which goes on when the
// user turns away. Their screen lies below all others.
//
// Marks are the root's, for they are of all screens. What leaves the program (copied
// text, plans that are written down) goes through what the options bring, in a command:
// nothing here touches a disk or starts a process. So it is with what a server is asked
// about changes: dry runs, of which nothing is sent unless the user presses their key. A
// single object, its events and logs are read by what the options bring ([screen.Inspector]),
// while somebody looks at them.
// Recordings come in the same way. The first assessment of the whole cluster is kept, so
// that what there is can be compared with what the session began with.
//
// Everything is drawn as lines of cells, by hand; the renderer sends only the
// cells that differ. All text of a cluster passes the sanitizer, because every
// style cleans what it draws.
//
// This package must never import kube/live or client-go: what is looked at
// comes in as a kube.Source. A new screen is a package under screen and a line
// in routes.go; a new key is a line in keymap.
//
// # Themes
//
// Which theme is drawn follows from what is picked, what is looked at, the options and
// what the terminal says of itself, in one function (retheme), which is called whenever
// one of these changes. A theme that goes by the terminal's background is not guessed
// before the terminal had 200 ms to answer; until then only "Connecting" is drawn, in the
// terminal's own colours. All who draw hold the same styles, which become others in
// place. A user's own theme is followed by the time of its file, once a second and only
// while it is in force.
//
// # With 150,000 rows
//
// Update takes no longer with many rows than with few: what looks at all of them is
// work that a screen has done in a command (package screen), and what is drawn are
// the rows in sight. BenchmarkKeyToFrame, BenchmarkExplorer and BenchmarkNews hold it,
// BenchmarkIdle that a program to which nothing happens takes next to nothing: there
// is no tick, and nothing is drawn anew.
package ui
