import Foundation
import PackagePlugin

/// Puts the documentation into one file of the program's resources, which the program serves at `/help/`.
@main
struct Documentation: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let root = context.package.directoryURL
        let script = root.appending(path: "scripts/bundle-documentation")
        let output = context.pluginWorkDirectoryURL.appending(path: "documentation.json")
        let names = try Self.names(in: root)
        return [
            .buildCommand(
                displayName: "Bundling the documentation",
                executable: URL(filePath: "/usr/bin/python3"),
                arguments: [script.path, root.path, output.path] + names,
                inputFiles: [script] + names.map { root.appending(path: $0) },
                outputFiles: [output]
            )
        ]
    }

    /// The files below the package: pages, pictures and samples of `docs`, and the pages next to it.
    private static func names(in root: URL) throws -> [String] {
        let docs = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: "docs").path)
        return ["CHANGELOG.md", "CONTRIBUTING.md", "README.md", "SECURITY.md", "findings/README.md"]
            + docs.filter { $0.contains(".") && !$0.hasPrefix(".") }.sorted().map { "docs/\($0)" }
    }
}
