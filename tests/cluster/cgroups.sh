# The cgroups that a node lives in: one of its own in each hierarchy of the machine, which `unshare --cgroup` then makes
# the root that kubelet sees. Source it after lib.sh.

# Sets controllers (those of version 1; empty where the machine has version 2) and writes $state/cgroups.
make_cgroups() {
  : >"$state/cgroups"
  controllers=''
  if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
    make_cgroup_v2
  else
    make_cgroups_v1
  fi
}

make_cgroups_v1() {
  local names path mount directory
  while IFS=: read -r _ names path; do
    [[ -n $names ]] || continue # version 2 beside them: it has no controllers
    mount=/sys/fs/cgroup/${names#name=}
    directory=$mount${path%/}/axon-cluster-$$
    mkdir "$directory"
    echo "$directory" >>"$state/cgroups"
    [[ $names != cpuset ]] || fill_cpuset "$directory"
    [[ $names == name=* ]] || controllers+=" $names"
  done </proc/self/cgroup
}

# Below the root and not below our own: a cgroup of version 2 that holds processes cannot give controllers to a child.
make_cgroup_v2() {
  local directory=/sys/fs/cgroup/axon-cluster-$$ controller
  for controller in cpu cpuset memory pids; do
    echo "+$controller" 2>/dev/null >/sys/fs/cgroup/cgroup.subtree_control ||
      fail "cannot use the cgroup controller $controller: in a container, give it the machine's cgroups (--cgroupns=host)"
  done
  mkdir "$directory"
  echo "$directory" >>"$state/cgroups"
}

fill_cpuset() { # DIRECTORY: one of version 1 takes no process before it has processors and memory
  local file
  for file in cpuset.cpus cpuset.mems; do
    cat "$(dirname "$1")/$file" >"$1/$file"
  done
}

enter_cgroups() { # COMMAND...: runs it in them
  local directory
  while read -r directory; do
    echo "$BASHPID" >"$directory/cgroup.procs"
  done <"$state/cgroups"
  exec "$@"
}

leave_cgroup_v2() { # PID: into the child that holds the processes, once PID 1 has made it
  [[ -z $controllers ]] || return 0
  local directory
  directory=$(cat "$state/cgroups")
  moved() { [[ -d $directory/init ]] && echo "$1" >"$directory/init/cgroup.procs"; }
  wait_for 30 moved "$1"
}

no_process_in_cgroups() {
  local directory
  while read -r directory; do
    [[ ! -d $directory ]] || [[ -z $(find "$directory" -name cgroup.procs -exec cat {} +) ]] || return 1
  done <"$state/cgroups"
}

remove_cgroups() {
  [[ -e $state/cgroups ]] || return 0
  wait_for 10 no_process_in_cgroups || true
  local directory
  while read -r directory; do
    [[ ! -d $directory ]] || find "$directory" -depth -type d -exec rmdir {} +
  done <"$state/cgroups"
  rm -f "$state/cgroups"
}
