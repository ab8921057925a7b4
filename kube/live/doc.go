// Package live is the [kube.Source] of a running cluster.
//
// # Design
//
// [Flags] finds the cluster the way kubectl does; [New] connects to it and
// fails within seconds, with an [Error] whose [Reason] tells a caller what to
// do; [Source.Watch] keeps a [kube.Builder] equal to the server and publishes
// views, at most ten a second and only when something changed.
//
// Every resource of [kube.Resources] has a feed. A feed follows the server by a
// client-go Reflector (a streamed list where the server has it, else pages),
// whose objects go straight into the Builder: there is no second copy in an
// Indexer, and of a list only the names are held until it is complete. Metrics,
// namespaces that may be got but not listed, and Leases are polled: those of a large
// cluster are renewed some hundred times a second, and of each only the newest counts.
// They are read in two namespaces, the others are said to be skipped. What became of
// each feed is a [kube.State] of the view; nothing that cannot be read ends the
// Watch, and everything is tried again, the hopeless rarely.
//
// The time of a view is the server's, as far as the header Date of its answers tells it
// (clock.go): objects bear no other times, and how long something has lasted must not
// depend on the clock of a laptop.
//
// The certificate of the server is the one of the handshake below those answers
// (handshake.go): no connection is made to look at it.
//
// What is polled of pods' usage is kept while a Watch lasts: each sample is counted
// once, and once a minute the view is given what was measured so far (measure.go).
//
// Pods, and what has a pod template, are decoded by package podproto in the place
// of client-go's decoder: from the bytes of the answer into what the view keeps,
// with no full pod in between. Names of listed objects are all that the Reflector
// is given. Bodies are counted on their way (traffic.go).
//
// [Source.Try] asks what the server would say of a change: a dry run, which is sent
// for that call alone.
//
// [Source.Permitted] asks which rights who looks has (permitted.go), only of those that
// somebody names, and keeps the answers for a minute.
//
// [Source.Object], [Source.Events] and [Source.Logs] read one object, its events and the
// log of a container (inspect.go), for that call alone: nothing reads a log unless the
// user opens it.
//
// [Rights] says what a Watch asks for, from the table by which feeds are made (rights.go).
//
// Where a list of all namespaces is refused, the namespaces that are known are
// read one by one (fallback.go).
//
// # What it must never do
//
// It never writes, and never reads the value of a Secret or ConfigMap. Both are
// held by one http.RoundTripper below everything else (guard.go): what it does
// not know to be harmless does not leave the process, whichever client asks.
// It never prints: what clients have to say goes to Options.Log and, for those
// that know only the process's log, to the writer of [RedirectLogs].
//
// No other package imports client-go, but for the program in floor, which benchmarks
// hold this one against. A new resource of the view needs nothing
// here if client-go's scheme knows its type; a new way of reading one is a
// reader beside reflect.go and poll.go.
package live
