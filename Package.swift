// swift-tools-version: 6.2
import PackageDescription

// One set of rules for every target of ours: Swift 6 mode, explicit existentials, imports that say what they
// expose, and no warnings. Dependencies are left to their own rules.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

func product(_ name: String, _ package: String) -> Target.Dependency {
    .product(name: name, package: package)
}

let package = Package(
    name: "Causeway",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    ],
    targets: [
        // Wire format and data that anyone may share: no behaviour of ours, no behaviour of Graph's.
        .target(name: "CausewayJSON", swiftSettings: settings),
        .target(
            name: "CausewayGraphTypes",
            dependencies: ["CausewayJSON"],
            resources: [.copy("Resources")],
            swiftSettings: settings
        ),

        // The inside, arrows downwards.
        .target(name: "CausewayModel", dependencies: ["CausewayJSON"], swiftSettings: settings),
        .target(
            name: "CausewayStore",
            dependencies: [
                "CausewayModel",
                "CausewayJSON",
                product("GRDB", "GRDB.swift"),
                product("Crypto", "swift-crypto"),
            ],
            swiftSettings: settings
        ),

        .testTarget(name: "CausewayJSONTests", dependencies: ["CausewayJSON"], swiftSettings: settings),
        .testTarget(name: "CausewayModelTests", dependencies: ["CausewayModel"], swiftSettings: settings),
        .testTarget(
            name: "CausewayStoreTests",
            dependencies: ["CausewayStore", "CausewayModel", "CausewayJSON"],
            swiftSettings: settings
        ),
        .testTarget(name: "CausewayGraphTypesTests", dependencies: ["CausewayGraphTypes"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)
