# Shared by apiserver and node: a program's life, certificates, kubeconfigs. Source it; it sets nothing but functions.
# They read $state, the directory in which everything of one cluster lies.

fail() { echo "${program:-cluster}: $*" >&2; exit 1; }

require() { # COMMAND...
  local command
  for command in "$@"; do
    command -v "$command" >/dev/null || fail "needs $command; scripts/setup cluster installs what is missing"
  done
}

# wait_for SECONDS COMMAND...: until the command succeeds; fails when the time is over.
wait_for() {
  local tries=$(($1 * 20))
  shift
  while ! "$@" >/dev/null 2>&1; do
    ((tries-- > 0)) || { echo "gave up waiting: $*" >&2; return 1; }
    sleep 0.05
  done
}

# child NAME COMMAND...: starts it with a log of its own; it dies with this process, however that ends.
# The pid is in $!. What was started is kept in $state/cmd/NAME, so that a test can start it again after killing it.
child() {
  local name=$1
  shift
  mkdir -p "$state/cmd" "$state/log"
  { echo '#!/bin/bash'; printf 'umask %s\nexport PATH=%q\nexec' "$(umask)" "$PATH"; printf ' %q' "$@"; printf ' >>%q 2>&1\n' "$state/log/$name.log"; } \
    >"$state/cmd/$name"
  chmod +x "$state/cmd/$name"
  setpriv --pdeathsig KILL "$state/cmd/$name" </dev/null &
}

# The pid of the process that runs this state directory, if it lives: a number in a file alone may be anybody's by now.
owner() {
  local pid
  pid=$(cat "$state/pid" 2>/dev/null) || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$state" && echo "$pid"
}

# A directory that is ours is marked, because the end of a cluster removes it with all that is in it.
make_state() {
  if [[ -d $state && ! -e $state/.axon-cluster && -n $(ls -A "$state") ]]; then
    fail "$state is not empty: name a directory that can be removed later"
  fi
  ((${#state} <= 70)) || fail "$state: the path is too long for the sockets in it (at most 70 characters)"
  mkdir -p "$state/log"
  touch "$state/.axon-cluster"
  rm -f "$state/ready"
  echo $$ >"$state/pid"
}

remove_state() {
  [[ ! -d $state ]] || [[ -e $state/.axon-cluster ]] || fail "$state holds no cluster"
  rm -rf --one-file-system "$state"
}

# At the end of a run. The fixtures of the tests set the variable, so that nothing stays even if they are killed.
end_state() {
  rm -f "$state/ready" "$state/pid" "$state/init.pid"
  [[ -z ${AXON_CLUSTER_TRANSIENT-} ]] || remove_state
}

# in_background COMMAND...: starts it in a session of its own and waits for $state/ready.
in_background() {
  make_state
  rm -f "$state/pid"
  setsid "$@" </dev/null >"$state/up.log" 2>&1 &
  local pid=$!
  until [[ -e $state/ready ]]; do
    if ! kill -0 "$pid" 2>/dev/null; then
      cat "$state/up.log" >&2
      fail "did not start; its logs are in $state/log"
    fi
    sleep 0.05
  done
}

gone() { ! owner; }

end_owner() {
  local pid
  pid=$(owner) || return 0
  kill -TERM "$pid" 2>/dev/null || true
  wait_for 30 gone || kill -KILL "$pid"
}

free_ports() { # COUNT
  python3 -c 'import socket, sys
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*[one.getsockname()[1] for one in held])' "$1"
}

key() { # NAME: makes pki/NAME.key
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$state/pki/$1.key" 2>/dev/null
}

authority() { # NAME
  key "$1"
  openssl req -x509 -new -key "$state/pki/$1.key" -subj "/CN=axon-cluster-$1" -days 365 -out "$state/pki/$1.crt" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature
}

certificate() { # AUTHORITY NAME SUBJECT USAGE [NAMES]
  key "$2"
  openssl req -new -key "$state/pki/$2.key" -subj "$3" |
    openssl x509 -req -CA "$state/pki/$1.crt" -CAkey "$state/pki/$1.key" -set_serial "0x$(openssl rand -hex 8)" -days 365 \
      -out "$state/pki/$2.crt" 2>/dev/null -extfile <(
        printf 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=%s\n' "$4"
        [[ -z ${5-} ]] || printf 'subjectAltName=%s\n' "$5"
      )
}

service_account_keys() {
  key sa
  openssl pkey -in "$state/pki/sa.key" -pubout -out "$state/pki/sa.pub"
}

kubeconfig() { # FILE CERTIFICATE SERVER: everything inside, so that the file can be copied
  encoded() { base64 -w 0 "$state/pki/$1"; }
  cat >"$1" <<E
apiVersion: v1
kind: Config
current-context: axon
clusters:
  - name: axon
    cluster: {server: "$3", certificate-authority-data: $(encoded ca.crt)}
users:
  - name: $2
    user: {client-certificate-data: $(encoded "$2.crt"), client-key-data: $(encoded "$2.key")}
contexts:
  - name: axon
    context: {cluster: axon, user: $2}
E
}
