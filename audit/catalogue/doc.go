// Package catalogue knows every check that the field has, so that who comes from
// another tool finds his own here, and sees what is not checked and why.
//
// The data is two tables. catalogue.tsv has a line a check: its ID, which is that
// of our rule where there is one, its category, and what Popeye, Polaris,
// kube-score, KubeLinter, kubeaudit, Kubescape, Trivy and some others call it, as
// read in their sources in August 2026. left-out.tsv says of each check that is no
// rule which one covers it, or why there is none. A test of package rules holds
// that each line is one or the other.
package catalogue
