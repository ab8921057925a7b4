package platform

// State is what can be said of a capability.
type State int

// The states. The zero State claims nothing.
const (
	CannotTell State = iota // nothing, or not enough, could be read
	NotFound                // all that could show it was read, and does not
	Problems                // it is in place, and something is wrong with it
	Healthy                 // it is in place, and does well as far as can be read
)

// String returns the state in the words of reports.
func (s State) String() string {
	return [...]string{"cannot tell", "not found", "in place, with problems", "in place and healthy"}[s]
}

// ID returns the state as a slug, as programs read it.
func (s State) ID() string {
	return [...]string{"unknown", "not-found", "problems", "healthy"}[s]
}
