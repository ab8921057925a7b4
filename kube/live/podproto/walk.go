package podproto

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// field is one field of an encoded message.
type field struct {
	number int32
	bytes  []byte // of strings and messages
	value  uint64 // of numbers and booleans
}

// walk hands over each field of an encoded message. The bytes of a field are
// part of the message.
func walk(message []byte, each func(field) error) error {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return fmt.Errorf("reading a field: %w", protowire.ParseError(n))
		}
		message = message[n:]
		f := field{number: int32(number)}
		switch kind {
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(message)
		case protowire.VarintType:
			f.value, n = protowire.ConsumeVarint(message)
		case protowire.Fixed32Type, protowire.Fixed64Type, protowire.StartGroupType, protowire.EndGroupType:
			n = protowire.ConsumeFieldValue(number, kind, message)
		default:
			return fmt.Errorf("reading field %d: wire type %d is unknown", number, kind)
		}
		if n < 0 {
			return fmt.Errorf("reading field %d: %w", number, protowire.ParseError(n))
		}
		message = message[n:]
		if err := each(f); err != nil {
			return err
		}
	}
	return nil
}

// moment decodes a metav1.Time, which is encoded like a protobuf Timestamp.
func moment(message []byte) (metav1.Time, error) {
	if len(message) == 0 {
		return metav1.Time{}, nil
	}
	var seconds int64
	err := walk(message, func(f field) error {
		if f.number == 1 {
			seconds = int64(f.value) //nolint:gosec // two's complement is how the encoding has negative numbers
		}
		return nil
	})
	return metav1.Unix(seconds, 0), err
}

// entry decodes an entry of a map of strings.
func entry(message []byte) (key, value []byte, err error) {
	err = walk(message, func(f field) error {
		switch f.number {
		case 1:
			key = f.bytes
		case 2:
			value = f.bytes
		}
		return nil
	})
	return key, value, err
}
