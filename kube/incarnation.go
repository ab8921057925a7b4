package kube

import (
	"encoding/hex"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// incarnation tells an object from those that had its name before. It takes a
// third of what the texts and times of the API take.
type incarnation struct {
	uuid    [16]byte
	created seconds
	rare    *rareIncarnation // nil as good as always
}

// rareIncarnation is what few objects have.
type rareIncarnation struct {
	uid        types.UID // one that is no UUID, or not in the form in which they are generated
	deleted    seconds
	finalizers []string // of one that is being deleted
}

func incarnationOf(m *metav1.ObjectMeta) incarnation {
	i := incarnation{created: secondsOf(m.CreationTimestamp.Time)}
	uuid, canonical := uuidOf(string(m.UID))
	i.uuid = uuid
	rare := rareIncarnation{}
	if !canonical {
		rare.uid = m.UID
	}
	if m.DeletionTimestamp != nil {
		rare.deleted, rare.finalizers = secondsOf(m.DeletionTimestamp.Time), m.Finalizers
	}
	if rare.uid != "" || rare.deleted != 0 || len(rare.finalizers) > 0 {
		i.rare = &rare
	}
	return i
}

// UID returns the object's ID, as the API has it; "" if it has none.
func (i *incarnation) UID() types.UID {
	switch {
	case i.uuid != [16]byte{}:
		return types.UID(uuidText(i.uuid))
	case i.rare != nil:
		return i.rare.uid
	}
	return ""
}

// Created returns when the object was created, to the second, as the API has it;
// zero if that is not known.
func (i *incarnation) Created() time.Time { return i.created.time() }

// Deleted returns when the object is to be gone at the latest, zero unless it is
// being deleted (metadata.deletionTimestamp).
func (i *incarnation) Deleted() time.Time {
	if i.rare == nil {
		return time.Time{}
	}
	return i.rare.deleted.time()
}

// Finalizers returns who has to let go of the object before it is gone
// (metadata.finalizers), nil unless it is being deleted: of others that is not held. The
// caller must not change the list.
func (i *incarnation) Finalizers() []string {
	if i.rare == nil {
		return nil
	}
	return i.rare.finalizers
}

// uuidOf returns the UUID that a text is, false unless uuidText returns just that
// text for it. The UUID of zeros stands for no text at all.
func uuidOf(text string) (uuid [16]byte, canonical bool) {
	var digits [32]byte
	n := 0
	for i := 0; i < len(text) && n < len(digits); i++ {
		if text[i] != '-' {
			digits[n] = text[i]
			n++
		}
	}
	if n < len(digits) {
		return uuid, text == ""
	}
	if _, err := hex.Decode(uuid[:], digits[:]); err != nil || uuid == [16]byte{} || uuidText(uuid) != text {
		return [16]byte{}, false
	}
	return uuid, true
}

// uuidText writes a UUID as Kubernetes generates them: digits in lower case, with
// dashes in four places (RFC 9562, section 4).
func uuidText(uuid [16]byte) string {
	text := make([]byte, 0, 36)
	for i, end := range [...]int{4, 6, 8, 10, 16} {
		if i > 0 {
			text = append(text, '-')
		}
		text = hex.AppendEncode(text, uuid[[...]int{0, 4, 6, 8, 10}[i]:end])
	}
	return string(text)
}
