package main

import (
	"bufio"
	varint "encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// frame is an object as the stream has it.
func frame(key, value string) string {
	text := varint.AppendUvarint(nil, uint64(len(key)))
	text = append(text, key...)
	text = varint.AppendUvarint(text, uint64(len(value)))
	return string(append(text, value...))
}

func TestFill(t *testing.T) {
	t.Parallel()
	const objects = 300
	stored, transactions := map[string]string{}, 0
	etcd := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var transaction struct {
			Success []struct {
				Put put `json:"requestPut"`
			} `json:"success"`
		}
		if err := json.NewDecoder(r.Body).Decode(&transaction); err != nil || r.URL.Path != "/v3/kv/txn" {
			t.Errorf("%s: %v", r.URL, err)
		}
		if len(transaction.Success) > mostPuts {
			t.Errorf("a transaction has %d changes", len(transaction.Success))
		}
		for _, o := range transaction.Success {
			stored[string(o.Put.Key)] = string(o.Put.Value)
		}
		transactions++
		_, _ = w.Write([]byte(`{"succeeded":true}`))
	}))
	defer etcd.Close()
	var stream strings.Builder
	for i := range objects {
		stream.WriteString(frame(fmt.Sprintf("/registry/%d", i), fmt.Sprint(i)))
	}
	count, err := fill(t.Context(), etcd.URL, 0, bufio.NewReader(strings.NewReader(stream.String())))
	if err != nil || count != objects || len(stored) != objects || stored["/registry/7"] != "7" {
		t.Errorf("wrote %d objects, %d are stored, the seventh as %q: %v", count, len(stored), stored["/registry/7"], err)
	}
	if transactions != 3 {
		t.Errorf("it took %d transactions, want 3", transactions)
	}
}

func TestFillOfAStreamThatIsCut(t *testing.T) {
	t.Parallel()
	whole := frame("/registry/a", "value")
	_, err := fill(t.Context(), "http://127.0.0.1:0", 0, bufio.NewReader(strings.NewReader(whole[:len(whole)-2])))
	if err == nil || !strings.Contains(err.Error(), "/registry/a") {
		t.Errorf("a stream that ends in a value: %v, want an error that names the key", err)
	}
}
