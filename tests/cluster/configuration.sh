# The configuration files of a node's programs. Source it after node.sh.

write_configuration() {
  : >"$state/resolv.conf"
  network_configuration >"$state/cni/10-bridge.conflist"
  kubelet_configuration >"$state/kubelet.yaml"
  containerd_configuration >"$state/containerd.toml"
}

network_configuration() {
  cat <<E
{"cniVersion": "1.0.0", "name": "axon", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "/run/cni", "routes": [{"dst": "0.0.0.0/0"}],
            "ranges": [[{"subnet": "10.88.0.0/16", "gateway": "$node_ip"}]]}}]}
E
}

# Nothing is evicted and no image removed for the disk's sake: how full the machine's disk is is not the cluster's doing.
# Without CAP_SYS_RESOURCE kubelet cannot raise its limit of files, so it asks for the one that it has.
kubelet_configuration() {
  cat <<E
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $state/pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $state/pki/kubelet.crt
tlsPrivateKeyFile: $state/pki/kubelet.key
address: 0.0.0.0
containerRuntimeEndpoint: unix://$state/containerd.sock
cgroupDriver: cgroupfs
failCgroupV1: false
failSwapOn: false
resolvConf: $state/resolv.conf
podLogsDir: $state/pods
volumePluginDir: $state/volume-plugins
evictionHard:
  {memory.available: "0%", nodefs.available: "0%", imagefs.available: "0%", nodefs.inodesFree: "0%", imagefs.inodesFree: "0%"}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
imageMaximumGCAge: 0s
maxPods: 110
maxOpenFiles: $(ulimit -Hn)
kubeAPIQPS: 500
kubeAPIBurst: 1000
E
}

# restrict_oom_score_adj: without CAP_SYS_RESOURCE runc cannot lower the score of a sandbox.
containerd_configuration() {
  cat <<E
version = 3
root = "$state/containerd"
state = "/run/containerd"
[grpc]
  address = "$state/containerd.sock"
[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = "localhost/pause:1"
[plugins."io.containerd.cri.v1.runtime"]
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["$runtime"]
    conf_dir = "$state/cni"
  [plugins."io.containerd.cri.v1.runtime".containerd]
    default_runtime_name = "runc"
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
      BinaryName = "$runtime/runc"
E
}
