import CausewayInstallation
import CausewayJSON
import Foundation

/// What evaluates mappings on this machine: a Python interpreter, the launcher that confines it, and the limits of both.
package struct MappingEnvironment: Sendable {
    package let python: PythonInterpreter
    /// The `causeway-sandbox` program.
    package let launcher: String
    package var limits: MappingLimits
    package var sandbox: SandboxPolicy
    /// What happens to values that Graph would refuse, if the rest can be sent without them.
    package var types = TypePolicy.leaveOut
    /// How far the kernel can confine mappings.
    package let protection: SandboxProtection

    /// Finds an interpreter and asks the kernel what it supports.
    ///
    /// - Parameter launcher: by default next to this program.
    /// - Throws: ``MappingEnvironmentError``, a sentence that says what to do.
    package static func find(
        launcher: String? = nil,
        limits: MappingLimits = MappingLimits(),
        sandbox: SandboxPolicy = .required,
        types: TypePolicy = .leaveOut
    ) throws -> MappingEnvironment {
        let launcher = launcher ?? Installation.program("causeway-sandbox").path
        return MappingEnvironment(
            python: try PythonInterpreter.find(),
            launcher: launcher,
            limits: limits,
            sandbox: sandbox,
            types: types,
            protection: try SandboxProtection.probe(launcher)
        )
    }

    /// Why mappings do not run on this machine; nil if they do.
    package var blockingReason: String? {
        guard sandbox == .required, !protection.missing.isEmpty else { return nil }
        let missing = protection.missing.map(\.sentence).joined(separator: " ")
        return
            "Mappings do not run, because this kernel cannot confine them fully. \(missing) Run Causeway on another kernel, or "
            + "accept this with CAUSEWAY_MAPPING_SANDBOX=available."
    }
}

extension MappingEnvironment {
    private static let startLimit: Duration = .seconds(20)

    /// Starts a worker only for its first answer.
    func begin(_ configuration: [UInt8], program: [UInt8] = WorkerProgram.bytes) async throws -> [UInt8] {
        let worker = WorkerProcess(command: WorkerCommand(environment: self))
        defer { worker.stop() }
        return try await begin(configuration, program: program, on: worker)
    }

    /// Starts a worker, and sends its configuration.
    ///
    /// - Throws: ``MappingEnvironmentError``.
    func begin(
        _ configuration: [UInt8],
        program: [UInt8] = WorkerProgram.bytes,
        on worker: WorkerProcess
    ) async throws -> [UInt8] {
        if let blockingReason { throw MappingEnvironmentError(blockingReason) }
        do {
            return try await worker.begin(
                program: program,
                configuration: configuration,
                timeLimit: Self.startLimit
            )
        } catch WorkerFailure.notStarted(let words) {
            throw MappingEnvironmentError.noProcess(words)
        } catch WorkerFailure.ended(let words) {
            throw MappingEnvironmentError(
                "Python cannot be started for mappings: \(words). Check that \(launcher) and \(python.path) exist."
            )
        } catch is WorkerFailure {
            throw MappingEnvironmentError("The Python interpreter \(python.path) does not answer.")
        }
    }
}

/// What happens if the kernel lacks a protection.
package enum SandboxPolicy: String, Sendable, CaseIterable {
    /// Mappings do not run.
    case required
    /// They run with the protections that exist.
    case available
}

/// How far the kernel can confine mappings.
package struct SandboxProtection: Hashable, Sendable {
    /// The version of Landlock; 0 if there is none.
    package let landlock: Int
    /// Whether system calls can be filtered.
    package let seccomp: Bool

    package init(landlock: Int, seccomp: Bool) { (self.landlock, self.seccomp) = (landlock, seccomp) }

    /// A protection that is missing.
    package enum Layer: Sendable {
        case files, calls

        /// What is missing, and what that means.
        package var sentence: String {
            switch self {
            case .files:
                "The kernel has no Landlock (Linux 5.13 or newer, with landlock among its security modules), which keeps the "
                    + "interpreter from all files except its own while it starts."
            case .calls:
                "The kernel has no seccomp filters, which keep mappings from the network, from other processes, and from files once the "
                    + "interpreter has started."
            }
        }
    }

    package var missing: [Layer] { (landlock == 0 ? [.files] : []) + (seccomp ? [] : [.calls]) }

    /// Each protection, whether it exists, and what that means.
    package var findings: [(name: String, isPresent: Bool, sentence: String)] {
        [
            (
                "files", landlock > 0,
                landlock > 0
                    ? "Landlock version \(landlock) keeps mappings from files." : Layer.files.sentence
            ),
            (
                "system calls", seccomp,
                seccomp
                    ? "seccomp keeps mappings from the network and from other processes." : Layer.calls.sentence
            ),
        ]
    }

    /// Asks the launcher.
    static func probe(_ launcher: String) throws -> SandboxProtection {
        do {
            let process = try RunningProcess([launcher, "--probe"])
            defer { process.end() }
            let answer = try JSONValue(parsing: try process.output(timeLimit: .seconds(10)))
            guard let landlock = answer["landlock"]?.integer, case .bool(let seccomp) = answer["seccomp"] else {
                throw WorkerFailure.protocolViolation
            }
            return SandboxProtection(landlock: Int(landlock), seccomp: seccomp)
        } catch WorkerFailure.notStarted(let words) {
            throw MappingEnvironmentError.noProcess(words)
        } catch {
            throw MappingEnvironmentError(
                "\(launcher) does not work; install Causeway again, together with its programs."
            )
        }
    }
}
