# What runs inside the node's namespaces. Source it after lib.sh; node() is PID 1 there, and all else is its child.
# It reads what `up` exports: state, kube, runtime, images, node_name.

service_ip=10.96.0.1 # of the service `kubernetes`: an address of lo, so that Pods reach the API server without kube-proxy
node_ip=10.88.0.1    # of the Pods' bridge: kubelet and API server refuse a loopback address

# sysfs has to be mounted anew to show this network namespace, and the cgroups to show this cgroup namespace.
mount_all() {
  mount --make-rshared /
  mount -t sysfs sysfs /sys
  if [[ -n $controllers ]]; then
    mount_cgroups_v1
  else
    mount -t cgroup2 cgroup /sys/fs/cgroup
    delegate_cgroups_v2
  fi
  mount -t tmpfs -o mode=755 run /run # /run/netns, /run/runc, /run/containerd: our own
  mkdir -p "$state/varlog"
  mount --bind "$state/varlog" /var/log # /var/log/containers
}

mount_cgroups_v1() {
  local controller
  mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
  for controller in $controllers; do
    mkdir -p "/sys/fs/cgroup/$controller"
    mount -t cgroup -o "$controller" cgroup "/sys/fs/cgroup/$controller"
  done
  mkdir /sys/fs/cgroup/systemd
  mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
}

# A cgroup of v2 that gives controllers to its children may hold no process itself.
delegate_cgroups_v2() {
  mkdir -p /sys/fs/cgroup/init
  echo $$ >/sys/fs/cgroup/init/cgroup.procs
  no_process_left() { [[ -z $(cat /sys/fs/cgroup/cgroup.procs) ]]; }
  wait_for 10 no_process_left # `up` moves the process that waits for us
  local controller
  for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
    echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control
  done
}

make_network() {
  hostname "$node_name"
  ip link set lo up
  ip addr add $service_ip/32 dev lo
  # An address of its own: a bridge else takes the lowest of its ports, which come and go with Pods, and the Pods that stay
  # send to the old one until they ask again.
  ip link add cni0 address 02:42:0a:58:00:01 type bridge
  ip addr add $node_ip/16 dev cni0
  ip link set cni0 up
  ip route add 10.96.0.0/16 dev cni0
  echo 1 >/proc/sys/net/ipv4/ip_forward
}

make_certificates() {
  local names=DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local
  mkdir -p "$state/pki"
  authority ca
  authority front-ca # of API aggregation: without it controllers and scheduler log errors for ever
  certificate ca apiserver /CN=kube-apiserver serverAuth "IP:127.0.0.1,IP:$service_ip,IP:$node_ip,$names"
  certificate ca apiserver-kubelet /O=system:masters/CN=kube-apiserver-kubelet-client clientAuth
  certificate front-ca front /CN=front-proxy-client clientAuth
  certificate ca admin /O=system:masters/CN=admin clientAuth
  certificate ca controllers /CN=system:kube-controller-manager clientAuth
  certificate ca scheduler /CN=system:kube-scheduler clientAuth
  certificate ca kubelet "/O=system:nodes/CN=system:node:$node_name" clientAuth,serverAuth "DNS:$node_name,IP:$node_ip"
  service_account_keys
  local user
  for user in admin controllers scheduler kubelet; do
    kubeconfig "$state/$user.kubeconfig" "$user" https://127.0.0.1:443
  done
}

start_apiserver() {
  child etcd "$kube/etcd" --data-dir "$state/etcd" --unsafe-no-fsync --log-level warn
  child kube-apiserver "$kube/kube-apiserver" --etcd-servers http://127.0.0.1:2379 --bind-address 0.0.0.0 --secure-port 443 \
    --advertise-address $node_ip --service-cluster-ip-range 10.96.0.0/16 --client-ca-file "$state/pki/ca.crt" \
    --tls-cert-file "$state/pki/apiserver.crt" --tls-private-key-file "$state/pki/apiserver.key" \
    --kubelet-client-certificate "$state/pki/apiserver-kubelet.crt" --kubelet-client-key "$state/pki/apiserver-kubelet.key" \
    --kubelet-certificate-authority "$state/pki/ca.crt" --kubelet-preferred-address-types InternalIP \
    --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction --allow-privileged \
    --service-account-issuer https://kubernetes.default.svc \
    --service-account-signing-key-file "$state/pki/sa.key" --service-account-key-file "$state/pki/sa.pub" \
    --requestheader-client-ca-file "$state/pki/front-ca.crt" --requestheader-allowed-names front-proxy-client \
    --requestheader-username-headers X-Remote-User --requestheader-group-headers X-Remote-Group \
    --requestheader-extra-headers-prefix X-Remote-Extra- \
    --proxy-client-cert-file "$state/pki/front.crt" --proxy-client-key-file "$state/pki/front.key" \
    --cert-dir "$state/tmp" --profiling=false
}

start_containerd() {
  # As on a machine, or the root of an image whose layers do not tell its mode is closed to all but root.
  umask 022
  PATH=$runtime:$PATH child containerd "$runtime/containerd" --config "$state/containerd.toml" # finds its shim by PATH
  umask 077
  wait_for 30 ctr version
  local image
  while read -r image; do
    ctr images import "$image" >>"$state/log/import.log" 2>&1 || fail "cannot import $image: see $state/log/import.log"
  done <<<"$images"
}

ctr() { "$runtime/ctr" -a "$state/containerd.sock" -n k8s.io "$@"; }

# The controllers' client may ask often: at its default of 20 requests a second their start takes 5 seconds.
start_controllers() {
  local common=(--kube-api-qps 1000 --kube-api-burst 2000 --leader-elect=false --bind-address 127.0.0.1 --profiling=false
    --cert-dir "$state/tmp")
  local name=$state/controllers.kubeconfig
  child kube-controller-manager "$kube/kube-controller-manager" --kubeconfig "$name" --authentication-kubeconfig "$name" \
    --authorization-kubeconfig "$name" --service-account-private-key-file "$state/pki/sa.key" \
    --root-ca-file "$state/pki/ca.crt" --use-service-account-credentials --node-monitor-period 500ms "${common[@]}"
  name=$state/scheduler.kubeconfig
  child kube-scheduler "$kube/kube-scheduler" --kubeconfig "$name" --authentication-kubeconfig "$name" \
    --authorization-kubeconfig "$name" "${common[@]}"
}

start_kubelet() {
  child kubelet "$kube/kubelet" --config "$state/kubelet.yaml" --kubeconfig "$state/kubelet.kubeconfig" \
    --root-dir "$state/kubelet" --hostname-override "$node_name" --node-ip $node_ip --cert-dir "$state/tmp"
}

admin() { "$kube/kubectl" --kubeconfig "$state/admin.kubeconfig" "$@"; }

# Ready is not enough: a Pod can be made when the taint is gone and its service account is there.
schedulable() {
  [[ $(admin get node "$node_name" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}{.spec.taints}') == True ]] &&
    admin get serviceaccount default
}

node() {
  mount_all
  make_network
  mkdir -p "$state/tmp" "$state/kubelet" "$state/cni"
  export TMPDIR=$state/tmp
  make_certificates
  write_configuration
  start_apiserver
  start_containerd
  child relay socat "UNIX-LISTEN:$state/api.sock,fork,mode=600" TCP:127.0.0.1:443
  wait_for 120 admin get --raw /readyz || fail "kube-apiserver does not answer: see $state/log/kube-apiserver.log"
  start_kubelet
  start_controllers
  wait_for 120 schedulable || fail "the node is not ready: see $state/log/kubelet.log"
  touch "$state/inside"
  trap 'exit 0' TERM INT
  while :; do # bash as PID 1 reaps what the containers' shims leave
    wait -n || true
    sleep 1 &
    wait $! || true
  done
}
