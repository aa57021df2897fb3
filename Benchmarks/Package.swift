// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody builds it but who measures. It drives the built program as a user would.
let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v15)],
    targets: [
        .executableTarget(
            name: "causeway-bench",
            swiftSettings: [.enableUpcomingFeature("ExistentialAny"), .treatAllWarnings(as: .error)]
        )
    ],
    swiftLanguageModes: [.v6]
)
