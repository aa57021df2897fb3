// swift-tools-version: 6.2
import PackageDescription

// One set of rules for every target of this package: Swift 6 mode, explicit existentials, imports that say what they
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
    products: [
        .executable(name: "causeway", targets: ["causeway"])
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/apple/swift-algorithms", exact: "1.2.1"),
    ],
    targets: [
        // Wire format and data that all modules may share, without behaviour of Causeway or of Graph.
        .target(name: "CausewayJSON", swiftSettings: settings),
        .systemLibrary(name: "CMalloc"),
        .target(name: "CausewayInstallation", dependencies: ["CMalloc"], swiftSettings: settings),
        .target(
            name: "CausewayGraphTypes",
            dependencies: ["CausewayJSON", "CausewayInstallation"],
            resources: [.copy("Resources")],
            swiftSettings: settings
        ),

        .target(name: "CausewayNetwork", swiftSettings: settings),

        // The outside: a Graph client, and a tenant that knows nothing about it.
        .target(
            name: "CausewayGraph",
            dependencies: [
                "CausewayJSON",
                "CausewayInstallation",
                "CausewayNetwork",
                product("AsyncHTTPClient", "async-http-client"),
                product("NIOCore", "swift-nio"),
                product("NIOHTTP1", "swift-nio"),
                product("NIOPosix", "swift-nio"),
                product("NIOSSL", "swift-nio-ssl"),
                product("NIOFoundationCompat", "swift-nio"),
                product("Crypto", "swift-crypto"),
                product("CryptoExtras", "swift-crypto"),
                product("X509", "swift-certificates"),
                product("SwiftASN1", "swift-asn1"),
                product("Logging", "swift-log"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "CausewayEmulator",
            dependencies: [
                "CausewayJSON",
                "CausewayGraphTypes",
                product("HummingbirdCore", "hummingbird"),
                product("HummingbirdTLS", "hummingbird"),
                product("HTTPTypes", "swift-http-types"),
                product("NIOCore", "swift-nio"),
                product("NIOPosix", "swift-nio"),
                product("NIOSSL", "swift-nio-ssl"),
                product("Crypto", "swift-crypto"),
                product("CryptoExtras", "swift-crypto"),
                product("X509", "swift-certificates"),
                product("SwiftASN1", "swift-asn1"),
                product("Logging", "swift-log"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Resources/page")],
            swiftSettings: settings
        ),

        // The inside: each target imports only targets above it.
        .target(name: "CausewayModel", dependencies: ["CausewayJSON", "CausewayNetwork"], swiftSettings: settings),
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(
            name: "CausewayStore",
            dependencies: [
                "CLibpq",
                "CausewayModel",
                "CausewayJSON",
                "CausewayNetwork",
                product("Algorithms", "swift-algorithms"),
                product("GRDB", "GRDB.swift"),
                product("GRDBSQLite", "GRDB.swift"),
                product("Crypto", "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(name: "causeway-sandbox", path: "Sources/CSandbox"),
        .target(
            name: "CausewayMapping",
            dependencies: [
                "CausewayModel", "CausewayJSON", "CausewayGraphTypes", "CausewayInstallation",
                product("Algorithms", "swift-algorithms"),
            ],
            resources: [
                .embedInCode("Resources/worker"),
                .embedInCode("Resources/library"),
                .embedInCode("Resources/default-user-mapping.py"),
                .embedInCode("Resources/default-group-mapping.py"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "CausewayProvisioning",
            dependencies: [
                "CausewayModel",
                "CausewayInstallation",
                "CausewayJSON",
                "CausewayStore",
                "CausewayMapping",
                "CausewayGraph",
                "CausewayGraphTypes",
                "CausewayNetwork",
                product("Algorithms", "swift-algorithms"),
                product("Logging", "swift-log"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "CausewayImport",
            dependencies: ["CausewayModel", "CausewayJSON", "CausewayStore"],
            swiftSettings: settings
        ),
        .systemLibrary(name: "CZxcvbn", providers: [.apt(["libzxcvbn-dev"])]),
        .target(
            name: "CausewayAPI",
            dependencies: [
                "CZxcvbn",
                "CausewayModel",
                "CausewayJSON",
                "CausewayInstallation",
                "CausewayNetwork",
                "CausewayStore",
                "CausewayMapping",
                "CausewayGraph",
                "CausewayProvisioning",
                "CausewayImport",
                product("Hummingbird", "hummingbird"),
                product("HTTPTypes", "swift-http-types"),
                product("NIOCore", "swift-nio"),
                product("Crypto", "swift-crypto"),
                product("CryptoExtras", "swift-crypto"),
                product("Logging", "swift-log"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
            ],
            resources: [.copy("Resources")],
            swiftSettings: settings
        ),
        // The documentation: Markdown of the project, bundled by the plugin, as pages that the interface serves.
        .systemLibrary(
            name: "CCMark",
            pkgConfig: "libcmark-gfm",
            providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]
        ),
        .plugin(name: "Documentation", capability: .buildTool()),
        .target(
            name: "CausewayHelp",
            dependencies: ["CausewayInstallation", "CausewayJSON", "CCMark"],
            swiftSettings: settings,
            plugins: ["Documentation"]
        ),
        .systemLibrary(name: "CQRCode", pkgConfig: "qrcodegen", providers: [.apt(["libqrcodegen-dev"])]),
        .target(
            name: "CausewayWeb",
            dependencies: [
                "CausewayInstallation",
                "CausewayJSON",
                "CausewayModel",
                "CausewayHelp",
                "CausewayAPI",
                "CQRCode",
                product("Hummingbird", "hummingbird"),
                product("HTTPTypes", "swift-http-types"),
                product("NIOCore", "swift-nio"),
                product("Mustache", "swift-mustache"),
                product("Logging", "swift-log"),
            ],
            resources: [.copy("Resources")],
            swiftSettings: settings
        ),
        .target(
            name: "CausewayServer",
            dependencies: [
                "CausewayModel",
                "CausewayJSON",
                "CausewayStore",
                "CausewayAPI",
                "CausewayWeb",
                product("Hummingbird", "hummingbird"),
                product("HummingbirdCore", "hummingbird"),
                product("HTTPTypes", "swift-http-types"),
                product("Logging", "swift-log"),
                product("NIOCore", "swift-nio"),
                product("NIOHTTPTypes", "swift-nio-extras"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "CausewayDemo",
            dependencies: [
                "CausewayModel", "CausewayJSON", "CausewayStore", "CausewayImport", "CausewayMapping", "CausewayGraph",
                "CausewayInstallation",
            ],
            resources: [.copy("Resources")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "causeway",
            dependencies: [
                "CausewayDemo",
                "CausewayModel",
                "CausewayInstallation",
                "CausewayJSON",
                "CausewayStore",
                "CausewayImport",
                "CausewayMapping",
                "CausewayGraph",
                "CausewayGraphTypes",
                "CausewayProvisioning",
                "CausewayAPI",
                "CausewayWeb",
                "CausewayServer",
                "CausewayEmulator",
                "CausewayNetwork",
                "causeway-sandbox",
                product("ArgumentParser", "swift-argument-parser"),
                product("HTTPTypes", "swift-http-types"),
                product("Logging", "swift-log"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
                product("UnixSignals", "swift-service-lifecycle"),
                product("Yams", "Yams"),
            ],
            path: "Sources/Program",
            swiftSettings: settings
        ),
        // What `make bench` runs; `make build` leaves it out.
        .executableTarget(
            name: "causeway-bench",
            dependencies: [
                "CausewayInstallation",
                "CausewayDemo",
                "CausewayModel",
                "CausewayJSON",
                "CausewayStore",
                "CausewayMapping",
                "CausewayGraph",
                "CausewayGraphTypes",
                "CausewayProvisioning",
                "CausewayAPI",
                "CausewayWeb",
                "CausewayServer",
                "causeway-sandbox",
                product("AsyncHTTPClient", "async-http-client"),
                product("NIOHTTP1", "swift-nio"),
                product("NIOCore", "swift-nio"),
                product("ArgumentParser", "swift-argument-parser"),
                product("Logging", "swift-log"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),

        .testTarget(name: "CausewayJSONTests", dependencies: ["CausewayJSON"], swiftSettings: settings),
        .testTarget(name: "CausewayNetworkTests", dependencies: ["CausewayNetwork"], swiftSettings: settings),
        .testTarget(
            name: "CausewayModelTests",
            dependencies: ["CausewayModel", "CausewayJSON", "CausewayTestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CausewayStoreTests",
            dependencies: [
                "CausewayStore", "CausewayModel", "CausewayJSON", "CausewayTestSupport", product("GRDB", "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CausewayMappingTests",
            dependencies: [
                "CausewayMapping", "CausewayModel", "CausewayJSON", "CausewayGraphTypes", "causeway-sandbox",
                "CausewayTestSupport",
            ],
            resources: [.copy("Resources")],
            swiftSettings: settings
        ),
        .testTarget(name: "CausewayGraphTypesTests", dependencies: ["CausewayGraphTypes"], swiftSettings: settings),

        // What tests share: a tenant on a real port, the built program, plain HTTP.
        .target(
            name: "CausewayTestSupport",
            dependencies: [
                "CLibpq",
                "CausewayInstallation",
                "CausewayJSON",
                "CausewayModel",
                "CausewayStore",
                "CausewayGraphTypes",
                "CausewayEmulator",
                product("GRDB", "GRDB.swift"),
                product("AsyncHTTPClient", "async-http-client"),
                product("NIOCore", "swift-nio"),
                product("NIOPosix", "swift-nio"),
                product("NIOHTTP1", "swift-nio"),
                product("NIOFoundationCompat", "swift-nio"),
                product("Crypto", "swift-crypto"),
                product("CryptoExtras", "swift-crypto"),
                product("X509", "swift-certificates"),
                product("SwiftASN1", "swift-asn1"),
                product("Logging", "swift-log"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
                product("Subprocess", "swift-subprocess"),
                product("SystemPackage", "swift-system"),
            ],
            path: "Tests/CausewayTestSupport",
            swiftSettings: settings
        ),
        .testTarget(
            name: "CausewayGraphTests",
            dependencies: [
                "CausewayGraph",
                "CausewayNetwork",
                "CausewayEmulator",
                "CausewayTestSupport",
                "CausewayJSON",
                product("Logging", "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CausewayProvisioningTests",
            dependencies: [
                "CausewayProvisioning",
                "CausewayGraph",
                "CausewayMapping",
                "CausewayStore",
                "CausewayModel",
                "CausewayJSON",
                "CausewayGraphTypes",
                "CausewayEmulator",
                "CausewayTestSupport",
                "causeway-sandbox",
                product("Logging", "swift-log"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
            ],
            resources: [.copy("Differential/Resources")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CausewayEmulatorTests",
            dependencies: [
                "CausewayEmulator",
                "causeway",
                "CausewayGraphTypes",
                "CausewayTestSupport",
                "CausewayJSON",
                product("AsyncHTTPClient", "async-http-client"),
                product("NIOCore", "swift-nio"),
                product("NIOHTTP1", "swift-nio"),
            ],
            resources: [.copy("Resources")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CausewayImportTests",
            dependencies: [
                "CausewayImport", "CausewayModel", "CausewayJSON", "CausewayStore", "CausewayTestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CausewayAPITests",
            dependencies: [
                "CausewayAPI", "CausewayJSON", "CausewayModel", "CausewayStore", "CausewayTestSupport", "causeway",
                "causeway-sandbox", product("HTTPTypes", "swift-http-types"),
                product("AsyncHTTPClient", "async-http-client"), product("NIOCore", "swift-nio"),
                product("NIOHTTP1", "swift-nio"), product("Logging", "swift-log"),
            ],
            resources: [.copy("Resources")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CausewayHelpTests",
            dependencies: ["CausewayHelp", "CausewayTestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CausewayWebTests",
            dependencies: [
                "CausewayWeb", "CausewayAPI", "CausewayHelp", "CausewayMapping", "CausewayModel", "CausewayJSON",
                "CausewayStore",
                "CausewayTestSupport", "causeway",
                "causeway-sandbox",
            ],
            resources: [.copy("Resources")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ProgramTests",
            dependencies: [
                "causeway", "CausewayGraph", "CausewayInstallation", "CausewayModel", "CausewayJSON",
                "CausewayProvisioning", "CausewayStore", "CausewayTestSupport",
                product("ArgumentParser", "swift-argument-parser"),
                product("UnixSignals", "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BenchTests",
            dependencies: ["causeway-bench", "CausewayGraph", "CausewayJSON"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "causeway", "CausewayInstallation", "CausewayMapping", "CausewayModel", "CausewayStore",
                "CausewayTestSupport", "CausewayJSON", "CausewayEmulator",
            ],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)
