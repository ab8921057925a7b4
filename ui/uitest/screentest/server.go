package screentest

import (
	"context"
	"sync"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Server stands in for the server of a cluster that is asked about changes. The zero
// value accepts them all.
type Server struct {
	// Answer is what it says of a change; nil means that it is accepted.
	Answer func(a kube.Attempt) (kube.Verdict, error)
	// Gate is waited for before each answer; nil means that none has to wait.
	Gate chan struct{}

	guard sync.Mutex
	asked []kube.Attempt
}

// Try answers.
func (s *Server) Try(ctx context.Context, a kube.Attempt) (kube.Verdict, error) {
	s.guard.Lock()
	s.asked = append(s.asked, a)
	s.guard.Unlock()
	if s.Gate != nil {
		select {
		case <-s.Gate:
		case <-ctx.Done():
			return kube.Verdict{}, ctx.Err()
		}
	}
	if s.Answer == nil {
		return kube.Verdict{Outcome: kube.Accepted}, nil
	}
	return s.Answer(a)
}

// Asked returns what it was asked about.
func (s *Server) Asked() []kube.Attempt {
	s.guard.Lock()
	defer s.guard.Unlock()
	return append([]kube.Attempt{}, s.asked...)
}

// Strict says of the changes of StatefulSets that a webhook refuses them, of what is new
// that the right to create it lacks, and warns of the rest. Its texts are hostile.
func Strict(a kube.Attempt) (kube.Verdict, error) {
	switch {
	case a.Verb == kube.TryCreate:
		return kube.Verdict{Outcome: kube.NotPermitted, Why: "it needs the right to create " + a.Resource.String()}, nil
	case a.Resource == kube.StatefulSets:
		return kube.Verdict{Outcome: kube.Refused, By: "admission webhook guard.example.com", Why: "ask the \x1b[2Jbookkeeper"}, nil
	}
	return kube.Verdict{Outcome: kube.Accepted, Warnings: []string{"would violate \x1b]0;PodSecurity\a"}}, nil
}
