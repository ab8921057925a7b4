package main

import (
	"bufio"
	"bytes"
	"context"
	varint "encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"time"
)

// What one transaction may have: etcd allows 128 changes and 1.5 MB, which base64
// makes of 1.1 MB.
const (
	mostPuts  = 128
	mostBytes = 1 << 20
	longest   = 1 << 20 // of a key or value, or the stream is none
)

// put is one key of etcd and its value.
type put struct {
	Key   []byte `json:"key"`
	Value []byte `json:"value"`
}

// runFill writes objects into etcd as an API server would, which takes no
// admission, no audit and no round trip an object: thirty thousand pods by way of
// the API take minutes.
func runFill(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("testbed fill", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, "testbed fill --etcd URL <STREAM\n"+
			"The stream has for each object: length of the key, key, length of the value, value.\n")
		flags.PrintDefaults()
	}
	address := flags.String("etcd", "", "the `URL` that up has printed")
	rate := flags.Int("rate", 0, "how many objects a second to write at the most; 0 means as many as go")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *address == "" || flags.NArg() > 0 {
		return usageError("fill needs --etcd and nothing else")
	}
	started := time.Now()
	count, err := fill(ctx, *address, *rate, bufio.NewReaderSize(stdin, 1<<20))
	if err != nil {
		return fmt.Errorf("filling etcd after %d objects: %w", count, err)
	}
	fmt.Fprintf(stdout, "wrote %d objects in %s\n", count, time.Since(started).Round(10*time.Millisecond))
	return nil
}

// fill writes what the stream has and returns how many objects that were.
func fill(ctx context.Context, address string, rate int, stream *bufio.Reader) (count int, err error) {
	most := mostPuts
	if rate > 0 {
		most = min(most, max(1, rate/20))
	}
	began := time.Now()
	for {
		puts, err := readPuts(stream, most)
		if err != nil {
			return count, err
		}
		if len(puts) == 0 {
			return count, nil
		}
		if err := transact(ctx, address, puts); err != nil {
			return count, err
		}
		count += len(puts)
		if rate == 0 {
			continue
		}
		ahead := time.Duration(count)*time.Second/time.Duration(rate) - time.Since(began)
		select {
		case <-ctx.Done():
			return count, context.Cause(ctx)
		case <-time.After(ahead):
		}
	}
}

// readPuts reads as many objects as a transaction may have, none at the end.
func readPuts(stream *bufio.Reader, most int) (puts []put, err error) {
	for size := 0; len(puts) < most && size < mostBytes; {
		p, err := readPut(stream)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		puts = append(puts, p)
		size += len(p.Key) + len(p.Value)
	}
	return puts, nil
}

// readPut reads the next object, io.EOF at the end.
func readPut(stream *bufio.Reader) (put, error) {
	key, err := readBytes(stream)
	if err != nil {
		return put{}, err
	}
	value, err := readBytes(stream)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return put{}, fmt.Errorf("reading the value of %q: %w", key, err)
	}
	return put{key, value}, nil
}

func readBytes(stream *bufio.Reader) ([]byte, error) {
	length, err := varint.ReadUvarint(stream)
	if err != nil {
		return nil, err
	}
	if length > longest {
		return nil, fmt.Errorf("a length of %d is too much", length)
	}
	b := make([]byte, length)
	_, err = io.ReadFull(stream, b)
	return b, err
}

// transact writes objects in one transaction, by etcd's JSON gateway.
func transact(ctx context.Context, address string, puts []put) error {
	type operation struct {
		Put put `json:"requestPut"`
	}
	var transaction struct {
		Success []operation `json:"success"`
	}
	for _, p := range puts {
		transaction.Success = append(transaction.Success, operation{p})
	}
	body, err := json.Marshal(transaction)
	if err != nil {
		return fmt.Errorf("encoding a transaction: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/v3/kv/txn", bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("reading the answer of etcd: %w", err)
	}
	if response.StatusCode != http.StatusOK || !bytes.Contains(answer, []byte(`"succeeded":true`)) {
		return fmt.Errorf("etcd answers %s: %.200s", response.Status, answer)
	}
	return nil
}
