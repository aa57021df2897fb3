#!/usr/bin/env bash
# A ServiceGroup names each service by describing its whole value, and logs that: every stored property, however deep.
#
# Version:   swift-service-lifecycle 2.13.0 (swift-log 1.16.2)
# Behavior: A service's name in the log is String(describing:) of the service, made when its configuration is made, at any log
#            level. Swift describes a struct by reflection with all that it holds. CustomStringConvertible replaces it.
# Seen:      a service that holds a table of 1000 rows has a name of more than 10000 characters, with the text of the last row in it;
#            the group's "Starting service" carries it. A service with a description of its own has that as its name.
# Matters:   a server whose services hold its settings or its data starts slowly, and what they hold is in the debug log.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/Sources/names"
cat > "$work/Package.swift" <<'SWIFT'
// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "names",
    dependencies: [
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    ],
    targets: [
        .executableTarget(
            name: "names",
            dependencies: [
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
            ]
        )
    ]
)
SWIFT
cat > "$work/Sources/names/main.swift" <<'SWIFT'
import Foundation
import Logging
import ServiceLifecycle

struct Row: Sendable { let text: String }

struct Plain: Service {
    let rows = (1...1000).map { Row(text: "row \($0)") }
    func run() async throws {}
}

struct Named: Service, CustomStringConvertible {
    let rows = (1...1000).map { Row(text: "row \($0)") }
    var description: String { "named" }
    func run() async throws {}
}

/// Prints the metadata of what is logged, with a mark in front.
struct Printing: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {
        guard event.message.description == "Starting service" else { return }
        for value in (event.metadata ?? [:]).values { print("NAME \(value)") }
    }
}

let logger = Logger(label: "group") { _ in Printing() }
for service in [Plain(), Named()] as [any Service] {
    let configuration = ServiceGroupConfiguration.ServiceConfiguration(
        service: service,
        successTerminationBehavior: .gracefullyShutdownGroup
    )
    try await ServiceGroup(configuration: .init(services: [configuration], logger: logger)).run()
}
SWIFT
swift build --package-path "$work" >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
"$work/.build/debug/names" > "$work/names"
cut -c1-100 "$work/names"
plain=$(sed -n 1p "$work/names")
named=$(sed -n 2p "$work/names")
if [ ${#plain} -lt 10000 ] || [[ $plain != *"row 1000"* ]]; then
    echo "Changed: the name of the service that says nothing of itself has ${#plain} characters: ${plain:0:100}"
    exit 1
fi
if [ "$named" != "NAME named" ]; then
    echo "Changed: the name of the service with a description is ${named:0:100}"
    exit 1
fi
