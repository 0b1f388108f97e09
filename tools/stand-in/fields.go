package main

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// fields is a parsed JSON object. Like the real database it takes a missing field, or one of the wrong type, as empty:
// what a request must have is checked by its handler.
type fields map[string]any

func parseObject(text string) (fields, error) {
	var parsed fields
	if err := parse(text, &parsed); err != nil || parsed == nil {
		return nil, errMalformed
	}
	return parsed, nil
}

func parseObjects(text string) ([]fields, error) {
	var parsed []fields
	if err := parse(text, &parsed); err != nil || parsed == nil {
		return nil, errMalformed
	}
	for _, each := range parsed {
		if each == nil {
			return nil, errMalformed
		}
	}
	return parsed, nil
}

func parse(text string, into any) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	// Times in nanoseconds do not fit a float64.
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errMalformed
	}
	return nil
}

func (f fields) text(name string) string {
	text, _ := f[name].(string)
	return text
}

// integer reads a number, or a string of one.
func (f fields) integer(name string) int64 {
	var digits string
	switch value := f[name].(type) {
	case json.Number:
		digits = value.String()
	case string:
		digits = value
	}
	if whole, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return whole
	}
	fraction, _ := strconv.ParseFloat(digits, 64)
	return int64(fraction)
}

func (f fields) truth(name string) bool {
	truth, isBool := f[name].(bool)
	return truth || (!isBool && f.integer(name) != 0)
}

func (f fields) has(name string) bool {
	_, found := f[name]
	return found
}
