package kube

import (
	"time"

	corev1 "k8s.io/api/core/v1"
)

// Usage is one sample of what a pod or a node uses, as the resource metrics
// API (metrics.k8s.io) reports it.
type Usage struct {
	Namespace  string // "" for a node
	Name       string
	Time       time.Time
	Window     time.Duration
	Containers map[string]corev1.ResourceList // by container name; a node's use is under ""
}

// GetNamespace returns the pod's namespace, "" for a node.
func (u *Usage) GetNamespace() string { return u.Namespace }

// GetName returns the name of the pod or node.
func (u *Usage) GetName() string { return u.Name }
