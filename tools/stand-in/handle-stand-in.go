package main

import (
	"fmt"
	"time"
)

// standIn is the one message that the real database does not know: {"hold": bytes} takes or gives back memory, and
// every form of it, {"info": true} too, answers with what a test wants to know.
func (d *database) standIn(_ *client, data string) (answer, error) {
	query, err := parseObject(data)
	if err != nil {
		return nil, err
	}
	if query.has("hold") {
		if err := d.held.set(query.integer("hold")); err != nil {
			return nil, fmt.Errorf("cannot hold that much: %w", err)
		}
	}
	return answer{"info": d.info()}, nil
}

func (d *database) info() answer {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	overlaps, alone := 0, true
	if d.folder != nil {
		overlaps, alone = d.folder.countOverlaps(), d.folder.alone.Load()
	}
	return answer{
		"startedAt":        d.startedAt.UTC().Format(time.RFC3339Nano),
		"hostname":         hostname(),
		"heldBytes":        d.held.size.Load(),
		"records":          d.countRecords(),
		"unsavedRecords":   len(d.unsaved),
		"flushes":          d.flushes,
		"overlaps":         overlaps,
		"alone":            alone,
		"memoryLimitBytes": memoryLimit(),
	}
}
