package live

import (
	"context"
	"sync"
	"time"

	authorizationv1 "k8s.io/api/authorization/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/workgroup"
)

const (
	// permittedAge is how long an answer stays good: who was called at night may be
	// given more rights meanwhile. [Source.Retry] ends it sooner.
	permittedAge = time.Minute
	// askedAtOnce is how many rights the server is asked about at once.
	askedAtOnce = 4
	// mostPermitted is how many answers are kept.
	mostPermitted = 1000
)

// Permitted asks the server which rights who looks has. It answers for each of them, and
// says [kube.PermissionUnknown] of what the server did not answer, or could not tell for
// sure. It asks by one SelfSubjectAccessReview a right, because a SelfSubjectRulesReview,
// which lists the rights in a namespace, does not say what other authorizers than RBAC
// would grant, so that it proves no denial. Answers are kept for a minute.
func (s *Source) Permitted(ctx context.Context, rights []kube.Right) map[kube.Right]kube.Permission {
	answers := make(map[kube.Right]kube.Permission, len(rights))
	var open []kube.Right
	for _, right := range rights {
		answer, kept := s.permitted.of(right, time.Now())
		if _, twice := answers[right]; !twice && !kept {
			open = append(open, right)
		}
		answers[right] = answer
	}
	var guard sync.Mutex
	var asking workgroup.Group
	free := make(chan struct{}, askedAtOnce)
	for _, right := range open {
		asking.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			answer := s.permits(ctx, right)
			guard.Lock()
			defer guard.Unlock()
			answers[right] = answer
		})
	}
	asking.Wait()
	return answers
}

// permits asks about one right.
func (s *Source) permits(ctx context.Context, right kube.Right) kube.Permission {
	if ctx.Err() != nil {
		return kube.PermissionUnknown
	}
	woken := s.woken()
	within, cancel := s.within(ctx, answerTime)
	defer cancel()
	question := &authorizationv1.SelfSubjectAccessReview{Spec: questionOf(right)}
	err := s.client.review(within, authorizationv1.SchemeGroupVersion, "selfsubjectaccessreviews", question)
	if ctx.Err() != nil {
		return kube.PermissionUnknown // nobody waits for it: that says nothing of the server
	}
	answer := kube.PermissionUnknown
	switch {
	case err != nil:
	case question.Status.Allowed:
		answer = kube.Permitted
	case question.Status.EvaluationError == "": // else an authorizer could not be asked
		answer = kube.Denied
	}
	s.permitted.keep(right, permission{answer, time.Now().Add(permittedAge), woken})
	return answer
}

// questionOf is a right as it is asked for.
func questionOf(r kube.Right) authorizationv1.SelfSubjectAccessReviewSpec {
	if r.Path != "" {
		return authorizationv1.SelfSubjectAccessReviewSpec{
			NonResourceAttributes: &authorizationv1.NonResourceAttributes{Verb: r.Verb, Path: r.Path},
		}
	}
	return authorizationv1.SelfSubjectAccessReviewSpec{ResourceAttributes: &authorizationv1.ResourceAttributes{
		Verb: r.Verb, Group: r.Group, Resource: r.Resource, Subresource: r.Subresource, Namespace: r.Namespace, Name: r.Name,
	}}
}

// permission is an answer that is kept.
type permission struct {
	answer kube.Permission
	until  time.Time
	woken  <-chan struct{} // closed when the user wants everything tried again
}

func (p permission) fresh(now time.Time) bool {
	select {
	case <-p.woken:
		return false
	default:
		return now.Before(p.until)
	}
}

// permitted keeps answers for a while. The zero value has none.
type permitted struct {
	mu   sync.Mutex
	kept map[kube.Right]permission
}

// of returns the answer that is kept, false if there is none.
func (p *permitted) of(right kube.Right, now time.Time) (kube.Permission, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	kept, ok := p.kept[right]
	if !ok || !kept.fresh(now) {
		return kube.PermissionUnknown, false
	}
	return kept.answer, true
}

// keep keeps an answer. Rights name objects that come and go: when there are too many,
// all answers are forgotten.
func (p *permitted) keep(right kube.Right, answer permission) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil || len(p.kept) >= mostPermitted {
		p.kept = map[kube.Right]permission{}
	}
	p.kept[right] = answer
}
