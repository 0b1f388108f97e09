package main

import (
	"maps"
	"slices"
)

func (d *database) setValue(_ *client, data string) (answer, error) {
	query, err := parseObject(data)
	if err != nil || query.text("col") == "" || query.text("key") == "" || query.text("value") == "" {
		return nil, errMalformed
	}
	d.collectionOf(query.text("col")).values[query.text("key")] = query.text("value")
	d.persist(entry{Op: opSetValue, Col: query.text("col"), Key: query.text("key"), Data: query.text("value")})
	return nil, nil
}

func (d *database) handleRemoveValue(_ *client, data string) (answer, error) {
	query, err := parseObject(data)
	if err != nil || query.text("col") == "" || query.text("key") == "" {
		return nil, errMalformed
	}
	d.removeValue(query.text("col"), query.text("key"))
	d.persist(entry{Op: opRemoveValue, Col: query.text("col"), Key: query.text("key")})
	return nil, nil
}

func (d *database) removeValue(col, key string) {
	if c := d.collections[col]; c != nil {
		delete(c.values, key)
	}
}

func (d *database) getValue(_ *client, data string) (answer, error) {
	query, err := parseObject(data)
	if err != nil || query.text("col") == "" || query.text("key") == "" {
		return nil, errMalformed
	}
	return answer{"value": d.valuesOf(query)[query.text("key")]}, nil
}

// getValues answers with the values of an expression, or with the one of a key: empty if there is none.
func (d *database) getValues(_ *client, data string) (answer, error) {
	query, err := parseObject(data)
	key := query.text("key")
	if err != nil || query.text("col") == "" || key == "" {
		return nil, errMalformed
	}
	values := d.valuesOf(query)
	expression, isPattern := parsePattern(key)
	switch {
	case isPattern:
		maps.DeleteFunc(values, func(name, _ string) bool { return !expression.MatchString(name) })
	case d.collections[query.text("col")] != nil:
		values = map[string]string{key: values[key]}
	}
	return answer{"values": values}, nil
}

func (d *database) getAllValues(_ *client, data string) (answer, error) {
	query, err := parseObject(data)
	if err != nil || query.text("col") == "" {
		return nil, errMalformed
	}
	return answer{"values": d.valuesOf(query)}, nil
}

func (d *database) getAllKeys(_ *client, data string) (answer, error) {
	query, err := parseObject(data)
	if err != nil || query.text("col") == "" {
		return nil, errMalformed
	}
	keys := slices.AppendSeq([]string{}, maps.Keys(d.valuesOf(query)))
	slices.Sort(keys)
	return answer{"keys": keys}, nil
}

// valuesOf returns a copy of the values of the query's collection; a collection that does not exist has none.
func (d *database) valuesOf(query fields) map[string]string {
	values := map[string]string{}
	if c := d.collections[query.text("col")]; c != nil {
		maps.Copy(values, c.values)
	}
	return values
}
