// Answers what Go's text/template and robfig/cron make of the cases on stdin, one JSON object a line:
// {"template": base64, "data": …} -> {"output": base64} or {"error": "…"}
// {"schedule": "…", "after": [seconds]} -> {"next": [seconds]} or {"error": "…"}
// In data, {"$strings": …} is a []string or a map[string]string; all else is decoded into interfaces.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/template"
	"time"

	"github.com/robfig/cron/v3"
)

type question struct {
	Template *string
	Data     any
	Schedule string
	After    []int64
}

type answer struct {
	Output *string `json:"output,omitempty"`
	Next   []int64 `json:"next,omitempty"`
	Error  string  `json:"error,omitempty"`
}

func decode(from any) any {
	switch from := from.(type) {
	case json.Number:
		if n, err := from.Int64(); err == nil {
			return int(n)
		}
		f, _ := from.Float64()
		return f
	case []any:
		list := make([]any, len(from))
		for i, item := range from {
			list[i] = decode(item)
		}
		return list
	case map[string]any:
		if strings, ok := from["$strings"]; ok {
			return typed(strings)
		}
		entries := map[string]any{}
		for key, item := range from {
			entries[key] = decode(item)
		}
		return entries
	}
	return from
}

func typed(from any) any {
	if list, ok := from.([]any); ok {
		texts := make([]string, len(list))
		for i, item := range list {
			texts[i] = item.(string)
		}
		return texts
	}
	entries := map[string]string{}
	for key, item := range from.(map[string]any) {
		entries[key] = item.(string)
	}
	return entries
}

func fill(encoded string, data any) answer {
	text, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		panic(err)
	}
	parsed, err := template.New("prompt").Option("missingkey=error").Parse(string(text))
	if err != nil {
		return answer{Error: err.Error()}
	}
	var out strings.Builder
	if err := parsed.Execute(&out, data); err != nil {
		return answer{Error: err.Error()}
	}
	output := base64.StdEncoding.EncodeToString([]byte(out.String()))
	return answer{Output: &output}
}

func ticks(schedule string, after []int64) answer {
	parsed, err := cron.ParseStandard(schedule)
	if err != nil {
		return answer{Error: err.Error()}
	}
	next := []int64{}
	for _, seconds := range after {
		next = append(next, parsed.Next(time.Unix(seconds, 0).UTC()).Unix())
	}
	return answer{Next: next}
}

func main() {
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	decoder := json.NewDecoder(in)
	decoder.UseNumber()
	encoder := json.NewEncoder(out)
	for decoder.More() {
		var asked question
		if err := decoder.Decode(&asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if asked.Template != nil {
			encoder.Encode(fill(*asked.Template, decode(asked.Data)))
		} else {
			encoder.Encode(ticks(asked.Schedule, asked.After))
		}
	}
}
