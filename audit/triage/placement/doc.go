// Package placement says why a pod finds no node, where the scheduler's message does
// not: which taints it does not tolerate (schedulers of 1.37 name none), and whether
// "Insufficient cpu" means that no node could ever hold the pod, or that the nodes are
// full at the moment.
//
// # Design
//
// [Rooms] adds up once what pods request on each node; [Weigh] sets what one pod asks
// for against it. Both follow the scheduler's own plugins NodeAffinity, TaintToleration,
// NodeUnschedulable and NodeResourcesFit, by upstream's helpers where there are any
// (k8s.io/component-helpers). What is left aside, since it depends on other pods and on
// volumes: pod affinity, topology spread, host ports, devices, volume limits. So a pod
// that fits here may still find no node; one that never fits here never will.
//
// What a node says of its own state for the time being, by a cordon or by taints, does
// not count towards "never". The package knows nothing of autoscalers, which may bring a
// larger node.
package placement
