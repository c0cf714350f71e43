package storetest

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// RedisCluster starts three masters that share the slots and gives their
// address as REDIS_URL has it.
func RedisCluster(t testing.TB) string {
	t.Helper()
	const masters, slots = 3, 16384
	var hosts, buses []string
	var nodes []*redis.Client
	for range masters {
		bus := freePort(t) // by default 10,000 higher, where there may be none
		address, _ := StartRedis(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-port", bus)
		host := strings.TrimSuffix(strings.TrimPrefix(address, "redis://"), "/0")
		node := redis.NewClient(&redis.Options{Addr: host})
		t.Cleanup(func() { node.Close() })
		hosts, buses, nodes = append(hosts, host), append(buses, bus), append(nodes, node)
	}
	_, first, _ := net.SplitHostPort(hosts[0])
	for i, node := range nodes {
		from, to := i*slots/masters, (i+1)*slots/masters-1
		if err := node.ClusterAddSlotsRange(t.Context(), from, to).Err(); err != nil {
			t.Fatal(err)
		}
		// Each has an epoch of its own, or they would argue about it.
		if err := node.Do(t.Context(), "CLUSTER", "SET-CONFIG-EPOCH", i+1).Err(); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			if err := node.Do(t.Context(), "CLUSTER", "MEET", "127.0.0.1", first, buses[0]).Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for limit := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		ready := 0
		for _, node := range nodes {
			info := node.ClusterInfo(t.Context()).Val()
			if strings.Contains(info, "cluster_state:ok") && strings.Contains(info, fmt.Sprint("cluster_known_nodes:", masters)) {
				ready++
			}
		}
		if ready == masters {
			return "redis://" + strings.Join(hosts, ",") + "/?cluster=1"
		}
		if time.Now().After(limit) {
			t.Fatal("the cluster did not come together")
		}
	}
}
