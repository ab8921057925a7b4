package reach

import "math"

// endless is the capacity of what cannot be cut.
const endless = math.MaxInt64 / 4

// flowNetwork finds a maximum flow between node 0 and node 1 (Dinic 1970). Arc
// a, an even number, and its way back a^1 are neighbours.
type flowNetwork struct {
	first []int32 // of a node, -1 if none
	next  []int32 // of an arc
	to    []int32
	room  []int64 // what more an arc takes

	level, turn, queue, way []int32
}

const (
	flowSource = 0
	flowSink   = 1
)

func (f *flowNetwork) node() int32 {
	f.first = append(f.first, -1)
	return int32(len(f.first) - 1)
}

func (f *flowNetwork) arc(from, to int32, capacity int64) {
	f.half(from, to, capacity)
	f.half(to, from, 0)
}

func (f *flowNetwork) half(from, to int32, capacity int64) {
	f.to = append(f.to, to)
	f.next = append(f.next, f.first[from])
	f.room = append(f.room, capacity)
	f.first[from] = int32(len(f.to) - 1)
}

// sent returns the flow through an arc, 0 for a way back.
func (f *flowNetwork) sent(arc int32) int64 {
	if arc&1 != 0 {
		return 0
	}
	return f.room[arc^1]
}

// run sends as much as it can.
func (f *flowNetwork) run(w *watch) error {
	f.level = make([]int32, len(f.first))
	f.turn = make([]int32, len(f.first))
	for f.layer() {
		copy(f.turn, f.first)
		for f.augment(w) {
			if w.stopped() {
				return w.err()
			}
		}
		if err := w.err(); err != nil {
			return err
		}
	}
	return nil
}

// layer measures how far nodes are from the source, and tells whether the sink is
// reached. Afterwards level is 0 for what is not.
func (f *flowNetwork) layer() bool {
	clear(f.level)
	f.level[flowSource] = 1
	f.queue = append(f.queue[:0], flowSource)
	for i := 0; i < len(f.queue); i++ {
		v := f.queue[i]
		for a := f.first[v]; a >= 0; a = f.next[a] {
			if u := f.to[a]; f.level[u] == 0 && f.room[a] > 0 {
				f.level[u] = f.level[v] + 1
				f.queue = append(f.queue, u)
			}
		}
	}
	return f.level[flowSink] > 0
}

// augment sends flow along one way through the layers; false if none is left.
func (f *flowNetwork) augment(w *watch) bool {
	f.way = f.way[:0]
	for v := int32(flowSource); v != flowSink; {
		a := f.turn[v]
		for a >= 0 && (f.room[a] == 0 || f.level[f.to[a]] != f.level[v]+1) {
			a = f.next[a]
		}
		f.turn[v] = a
		switch {
		case w.stopped():
			return false
		case a >= 0:
			f.way = append(f.way, a)
			v = f.to[a]
		case len(f.way) == 0:
			return false
		default: // a dead end: go back, and not there again
			last := f.way[len(f.way)-1]
			f.way = f.way[:len(f.way)-1]
			v = f.to[last^1]
			f.turn[v] = f.next[last]
		}
	}
	f.push(f.way)
	return true
}

// push sends along a way what its narrowest arc takes.
func (f *flowNetwork) push(way []int32) {
	narrowest := int64(endless)
	for _, a := range way {
		narrowest = min(narrowest, f.room[a])
	}
	for _, a := range way {
		f.room[a] -= narrowest
		f.room[a^1] += narrowest
	}
}
