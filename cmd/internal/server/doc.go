// Package server answers over HTTP what a feed has judged last: metrics, the report, and
// whether the program lives and knows enough to answer.
//
// # Design
//
// A [Server] listens before there is a cluster. Who follows one hands the feed over
// ([Server.Follow]), or says why there is none yet ([Server.Waiting]); every request reads
// the newest news from an atomic pointer and never keeps the judging waiting.
//
// What takes long to write (page.go) is written when somebody asks, compressed, once for
// each assessment, and for no more than a tenth of the time: how often somebody asks
// costs next to nothing. Of a page only the compressed form is kept.
//
// Lost contact with an API server is no reason to die, and none to be taken out of a
// Service: what was known last is still told, with its time, and that it is old is a
// metric and a line of /readyz?verbose. Not ready is who has never read everything.
//
// There is nothing to write, list or log in to, and nothing but GET and HEAD. Who may ask
// is decided by who can reach the address. One that only this computer can reach answers
// to the names of this computer alone (host.go), unless this is a pod: a page in a browser
// must not read the report by a name of its own that it has point here.
//
// It must never import kube/live: any [kube.Source] can be served. To add a page, write a
// line in New.
package server
