# Shared by build and run: the store of the images and what they start from. Source it with $program and $here set.
cache=${AXON_CACHE:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/axon}/images

fail() { echo "$program: $*" >&2; exit 1; }

# A store of its own, so that a machine's images stay as they are.
use_store() {
  local file=$cache/storage.conf driver
  if [[ ! -e $file ]]; then
    driver=$(buildah --root "$cache/store" --runroot "$cache/run" info --format '{{.store.GraphDriverName}}')
    printf '[storage]\ndriver = "%s"\ngraphroot = "%s"\nrunroot = "%s"\n' "$driver" "$cache/store" "$cache/run" >"$file"
  fi
  export CONTAINERS_STORAGE_CONF=$file BUILDAH_ISOLATION=chroot
}

apt_sources() {
  apt-get indextargets --format '$(ORIGIN) deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Created-By: Packages' | sed -n 's/^Debian //p' | grep -E ' bookworm(-updates|-security)? main$' | sort -u
}

apt_configuration() {
  apt-config dump | grep -E '^Acquire::(https?|Check-[A-Za-z-]*|Retries)\b' || true
}

npm_configuration() { # what says where the packages come from
  local file
  for file in userconfig globalconfig; do
    grep -hE '(registry|_auth|_authToken|_password|username|proxy|strict-ssl) *=' "$(npm config get $file)" 2>/dev/null || true
  done
  echo "registry = $(npm config get registry)"
  echo cafile = /etc/ssl/certs/ca-certificates.crt
}

make_root() { # DIRECTORY: the context of the root image
  apt_sources >"$1/sources.list"
  [[ -s $1/sources.list ]] || fail "apt knows no archive of bookworm; apt-get update first"
  apt_configuration >"$1/apt.conf"
  mmdebstrap --quiet --variant=minbase --include=ca-certificates --aptopt="$1/apt.conf" bookworm "$1/root.tar" "$1/sources.list"
  mkdir "$1/certificates"
  cp /usr/local/share/ca-certificates/*.crt "$1/certificates/" 2>/dev/null || true
  cp "$("$here/../agents/install" node)"/node_modules/node-linux-*/bin/node "$1/node"
  cp -r "$("$here/../agents/install" npm)/node_modules/npm" "$1/npm"
}

root_image() { # sets $root
  local inputs
  inputs=$({
    cat "$here"/{lib.sh,Containerfile} "$here"/../agents/{node,npm}/package-lock.json
    cat /usr/local/share/ca-certificates/*.crt 2>/dev/null || true # a machine need not have any
    apt_configuration
  } | sha256sum | cut -c 1-16)
  root=localhost/axon-test-root:$inputs
  if ! buildah inspect --type image "$root" >/dev/null 2>&1; then
    mkdir "$work/root"
    make_root "$work/root"
    buildah bud --quiet --network host --pull-never --tag "$root" --file "$here/Containerfile" "$work/root" >/dev/null
  fi
}

check_machine() {
  local needed
  ((EUID == 0)) || fail "needs root, to make a Debian and to change to it"
  for needed in buildah mmdebstrap npm; do
    command -v $needed >/dev/null || fail "needs $needed; scripts/setup images test installs what is missing"
  done
}
