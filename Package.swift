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

let package = Package(
    name: "Causeway",
    platforms: [.macOS(.v15)],
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

        .testTarget(name: "CausewayJSONTests", dependencies: ["CausewayJSON"], swiftSettings: settings),
        .testTarget(name: "CausewayModelTests", dependencies: ["CausewayModel"], swiftSettings: settings),
        .testTarget(name: "CausewayGraphTypesTests", dependencies: ["CausewayGraphTypes"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)
