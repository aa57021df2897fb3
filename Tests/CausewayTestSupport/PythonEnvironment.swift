package import Foundation

/// Third-party Python packages in a virtual environment, next to the build.
package struct PythonEnvironment: Sendable {
    private let name: String
    private let packages: [String]
    /// The modules whose import shows that the packages are there.
    private let modules: String
    private let requirements: String?

    /// - Parameters:
    ///   - packages: each with its version.
    ///   - modules: names for an import statement.
    ///   - requirements: a list of further packages that one of these contains, by its path below `site-packages`.
    package init(_ name: String, packages: [String], modules: String, requirements: String? = nil) {
        (self.name, self.packages, self.modules, self.requirements) = (name, packages, modules, requirements)
    }

    private var folder: URL {
        Program.url.deletingLastPathComponent().deletingLastPathComponent().appending(path: "python-\(name)")
    }

    package var python: URL { folder.appending(path: "bin/python") }

    /// Sets the environment up if it is missing or has other versions.
    ///
    /// - Returns: whether the modules can be imported.
    package func install() async throws -> Bool {
        let stamp = folder.appending(path: "packages.txt")
        let wanted = packages.joined(separator: "\n")
        if (try? String(contentsOf: stamp, encoding: .utf8)) == wanted { return true }
        guard await isRunning(URL(filePath: "/usr/bin/python3"), ["-m", "venv", "--clear", folder.path]) else {
            return false
        }
        _ = await isRunning(python, Self.pipInstall + packages)
        if let requirements = try await installedRequirements() {
            _ = await isRunning(python, Self.pipInstall + ["--requirement", requirements])
        }
        guard await isRunning(python, ["-c", "import \(modules)"]) else { return false }
        try wanted.write(to: stamp, atomically: true, encoding: .utf8)
        return true
    }

    /// Why a test is skipped.
    package var unavailable: String {
        "SKIPPED: \(packages[0]) cannot be installed (PyPI is out of reach, or python3-venv is missing)"
    }

    private static let pipInstall = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]

    private func installedRequirements() async throws -> String? {
        guard let requirements else { return nil }
        let packages = "import sysconfig; print(sysconfig.get_path('purelib'))"
        let folder = try await Program.run(["-c", packages], at: python).output
        return "\(folder.trimmingCharacters(in: .whitespacesAndNewlines))/\(requirements)"
    }

    private func isRunning(_ program: URL, _ arguments: [String]) async -> Bool {
        await (try? Program.run(arguments, at: program))?.status == 0
    }
}
