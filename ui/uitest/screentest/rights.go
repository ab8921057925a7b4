package screentest

import (
	"context"
	"sync"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Rights stands in for the server of a cluster that is asked what who looks may do. The
// zero value permits everything.
type Rights struct {
	guard   sync.Mutex
	answers map[string]kube.Permission
	asked   int
}

// Set has it answer so about the rights of these words ("get pods/log web-1 in shop").
func (r *Rights) Set(answer kube.Permission, rights ...string) {
	r.guard.Lock()
	defer r.guard.Unlock()
	if r.answers == nil {
		r.answers = map[string]kube.Permission{}
	}
	for _, right := range rights {
		r.answers[right] = answer
	}
}

// Permitted answers.
func (r *Rights) Permitted(_ context.Context, rights []kube.Right) map[kube.Right]kube.Permission {
	r.guard.Lock()
	defer r.guard.Unlock()
	r.asked += len(rights)
	answers := map[kube.Right]kube.Permission{}
	for _, right := range rights {
		answers[right] = kube.Permitted
		if answer, set := r.answers[right.String()]; set {
			answers[right] = answer
		}
	}
	return answers
}

// Asked returns about how many rights it was asked.
func (r *Rights) Asked() int {
	r.guard.Lock()
	defer r.guard.Unlock()
	return r.asked
}
