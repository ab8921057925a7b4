// Package enforce turns rules into ValidatingAdmissionPolicies, and says what these
// would do to what runs.
//
// # Design
//
// A rule that judges one object by itself has its [audit.Admission] beside its
// Check: the same question in CEL. [Of] makes a policy and its binding of it.
// Nobody has to believe that the two agree. A test puts every example of every
// rule, public manifests, and objects that were changed at random to both, and a
// real API server answers for the examples; a rule of which the test finds a
// difference has no Admission.
//
// Where a server must not ask, it is told so by the match conditions. An object
// that is being deleted is left alone: nobody could take its finalizers away. So is
// an update that leaves what is judged as it was: controllers go on writing to what
// was there before the policy, and a rollout that repairs it can scale down what it
// replaces. What the house has accepted is left alone as well ([policy.Exempted]);
// an exemption that has no form in a policy is told of.
//
// A policy about pods judges the pods of controllers too, not only the workloads
// that make them: a Deployment that is left alone because nobody changes it gets no
// new pod where they are refused. [Export.Judge] therefore looks at both. It
// evaluates the very expressions that are exported, as if each object were created
// now, and compares them with what the rule finds in the same view.
//
// Nothing here writes anywhere. A rule becomes a policy by its Admission; what
// expressions about pods share is a variable in variables.go.
package enforce
