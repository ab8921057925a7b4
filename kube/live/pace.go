package live

import "time"

// pace is how long a source waits before it asks again, and before it says that it has
// no answer. What a server may take to answer is no part of it: see [Source.within].
type pace struct {
	// stale is how long a broken watch may go unmentioned.
	stale time.Duration
	// retryFirst is the wait after a failure, and after a watch that broke. It doubles with
	// each, up to retryMost, until reading went well for so long.
	retryFirst, retryMost time.Duration
	// refused is the wait after an answer that will hardly be another one soon.
	refused time.Duration
	// pulse is how often the server is asked whether it lives: a watch alone cannot tell
	// silence from a lost connection.
	pulse time.Duration
	// served is how long the answer to what a server serves stays good: somebody may
	// install a custom resource at any time.
	served time.Duration
	// rewatch is the first wait of a Reflector whose watch was refused. It doubles up to
	// eight seconds.
	rewatch time.Duration
}

// usual is the pace of all sources but those of tests.
func usual() pace {
	return pace{
		stale: 5 * time.Second, retryFirst: time.Second, retryMost: 30 * time.Second,
		refused: time.Minute, pulse: 5 * time.Second, served: 30 * time.Second, rewatch: 500 * time.Millisecond,
	}
}
