//go:build !race

package kubetest

// racing says that the tests run with the race detector; see [Rounds].
const racing = false
