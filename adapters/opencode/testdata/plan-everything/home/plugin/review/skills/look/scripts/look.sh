#!/bin/sh
echo looking
