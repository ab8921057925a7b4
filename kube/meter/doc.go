// Package meter makes measurements of the samples that a source reads.
//
// # Design
//
// The metrics API shows a moment: what a pod used in the last seconds, and no
// history. A [Meter] is given each sample once and keeps of it what a measurement
// needs ([kube.Measurement]): for each container of a workload a [Histogram] of CPU,
// the highest use of memory, and since when and how often it was measured. Pods of a
// workload are one: a rollout does not begin anew, and a pod that is gone has been
// seen.
//
// A histogram has buckets that grow exponentially, as those of the
// VerticalPodAutoscaler's recommender do, so that a percentile is off by one twentieth
// at the most, upwards. It holds only those between the lowest and the highest that
// have something in them: a container mostly needs some dozen. Of memory the peak is
// what counts, since memory that is not there kills. Nothing fades: what was seen
// counts alike however long ago it was, and the window says how long that is.
//
// What no longer exists is forgotten ([Meter.Retain]), and no workload counts more
// pods than a bound, so that memory depends on the workloads there are.
//
// This package reads nothing and knows no clock: samples bring their times. It must
// never make up for samples that are missing. Another way to get samples feeds a
// Meter of its own.
package meter
