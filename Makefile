# A thin front: the work is done by scripts/ and CMake.
.PHONY: build test test-integration test-e2e verify update image bench

build:            ## static programs in build/release
	scripts/build

test:             ## unit tests, under the sanitizers
	scripts/setup build
	cmake --preset dev && cmake --build --preset dev && ctest --preset dev --label-regex unit --parallel 2

test-integration: ## the static programs against real agents and git servers
	scripts/setup run test cluster images
	scripts/build && ctest --preset release --label-regex integration

test-e2e: test-integration

verify:           ## formatting and layers
	scripts/check

update:           ## format the sources
	scripts/setup check
	git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 -i

image:            ## the images, from the static programs
	scripts/setup images
	scripts/build && images/build $(IMAGES)

bench:            ## the figures, each as a ratio within one run
	scripts/build && bench/run
